// Command reader lists directories in a tight loop, as a media server that scans its library does, and counts what it
// gets: entries, an error, or an EMPTY directory. Unlike busybox ls it does not take a failed readdir for the end.
//
//	reader [-hold FILE] DIRECTORY...
//
// -hold keeps a file open from the start to the end. It writes a JSON line per directory whenever what it gets changes,
// four times a second, and at the end (SIGTERM).
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

type reading struct {
	// At is milliseconds since 1970: of the listing that a change was seen in.
	At    int64  `json:"at"`
	Path  string `json:"path"`
	State string `json:"state"`
	Error string `json:"error,omitempty"`

	Entries int `json:"entries"`
	Errors  int `json:"errors"`
	Empty   int `json:"empty"`
}

var output = struct {
	sync.Mutex
	*json.Encoder
}{Encoder: json.NewEncoder(os.Stdout)}

func main() {
	hold := flag.String("hold", "", "a file to keep open")
	flag.Parse()
	if *hold != "" {
		held, err := os.Open(*hold)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		defer held.Close()
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	done := make(chan struct{})
	var watchers sync.WaitGroup
	for _, path := range flag.Args() {
		watchers.Go(func() { watch(path, done) })
	}
	<-end
	close(done)
	// A listing may hang for ever.
	ended := make(chan struct{})
	go func() { watchers.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(time.Second):
	}
}

func watch(path string, done <-chan struct{}) {
	last := reading{Path: path}
	var told time.Time
	for {
		next := last
		next.State, next.Error = list(path)
		now := time.Now()
		next.At = now.UnixMilli()
		switch next.State {
		case "entries":
			next.Entries++
		case "error":
			next.Errors++
		default:
			next.Empty++
		}
		if next.State != last.State || next.Error != last.Error || now.Sub(told) > 250*time.Millisecond {
			told = now
			tell(next)
		}
		last = next
		select {
		case <-done:
			tell(last)
			return
		case <-time.After(time.Millisecond):
		}
	}
}

func list(path string) (state, problem string) {
	directory, err := os.Open(path)
	if err != nil {
		return "error", err.Error()
	}
	defer directory.Close()
	names, err := directory.Readdirnames(-1)
	switch {
	case err != nil:
		return "error", err.Error()
	case len(names) == 0:
		return "empty", ""
	}
	return "entries", ""
}

func tell(r reading) {
	output.Lock()
	defer output.Unlock()
	_ = output.Encode(r)
}
