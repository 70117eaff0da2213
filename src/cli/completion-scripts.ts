// The completion scripts. Each hands the words up to the cursor to `media-stack __complete` and reads its lines:
// WORD or WORD<TAB>DESCRIPTION, and in the end `:N`, where bit 4 of N says no files and bit 16 folders only.

// readline splits words at = and : too; they are put together again, and what stands before the last of them in the
// word at the cursor is cut off from the answers.
const BASH = `# bash completion for media-stack: source <(media-stack completion bash)
_media_stack() {
    local words=() current line directive=4 head index part glue=0
    for ((index = 1; index <= COMP_CWORD; index++)); do
        part=\${COMP_WORDS[index]}
        if ((\${#words[@]} > 0)) && { [[ $part == [=:]* ]] || ((glue)); }; then
            words[\${#words[@]}-1]+=$part
        else
            words+=("$part")
        fi
        [[ $part == *[=:] ]] && glue=1 || glue=0
    done
    current=\${words[\${#words[@]}-1]}
    head=
    if [[ $current == *[=:]* && $COMP_WORDBREAKS == *[=:]* ]]; then head=\${current%"\${current##*[=:]}"}; fi
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == :* ]]; then
            directive=\${line#:}
        else
            line=\${line%%$'\\t'*}
            COMPREPLY+=("\${line#"$head"}")
        fi
    done < <("\${COMP_WORDS[0]/#\\~/$HOME}" __complete "\${words[@]}" 2>/dev/null)
    if ((\${#COMPREPLY[@]} > 0)); then
        return
    fi
    current=\${current#"$head"}
    if ((directive & 16)); then
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current")
    elif ((!(directive & 4))); then
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
    fi
}
complete -F _media_stack media-stack
`;

const ZSH = `#compdef media-stack
# zsh completion for media-stack: source <(media-stack completion zsh), or a file _media-stack in the fpath
_media_stack() {
    local -a lines described
    local line word directive=4
    lines=("\${(@f)$("\${(Q)words[1]}" __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    for line in "\${lines[@]}"; do
        if [[ $line == :* ]]; then
            directive=\${line#:}
        elif [[ -n $line ]]; then
            word=\${\${line%%$'\\t'*}//:/\\\\:}
            if [[ $line == *$'\\t'* ]]; then described+=("$word:\${line#*$'\\t'}"); else described+=("$word"); fi
        fi
    done
    if (( \${#described} )); then
        _describe -V 'media-stack' described
    elif (( directive & 16 )); then
        _files -/
    elif (( !(directive & 4) )); then
        _files
    fi
}
if [[ $funcstack[1] == _media-stack ]]; then _media_stack "$@"; else compdef _media_stack media-stack; fi
`;

const FISH = `# fish completion for media-stack: media-stack completion fish | source
function __media_stack_complete
    set -l tokens (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($tokens[1] __complete $tokens[2..] "$current" 2>/dev/null)
    set -l directive (string replace : '' -- $lines[-1])
    set -e lines[-1]
    if test (count $lines) -gt 0
        printf '%s\\n' $lines
    else if test "$directive" = 16
        __fish_complete_directories "$current"
    else if test "$directive" = 0
        __fish_complete_path "$current"
    end
end
complete -c media-stack -f -k -a '(__media_stack_complete)'
`;

/** The script of each shell. */
export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;
