// Ports for servers that must be told their port before they listen.
import { createServer } from 'node:net';

/** Below the range from which the kernel takes the ports of outgoing connections (32768 on): those come and go. */
const FIRST = 20_000;
const LAST = 32_000;

/** That many ports of 127.0.0.1 on which nothing listens at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
