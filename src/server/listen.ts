// Opens a port, and turns what can go wrong with it into a problem that names the option.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { FastifyInstance } from 'fastify';

import type { Problem } from '../problem/problem.ts';
import type { Started } from './reloadable.ts';

export interface ListenAddress {
  /** `null`: every address of the machine, IPv6 and IPv4. */
  readonly host: string | null;
  /** 0: any free port. */
  readonly port: number;
  /** The option that sets the port, for the mend: `--port`. */
  readonly option: string;
  /** How the command was called, for the mend: `npm start --`. */
  readonly command: string;
}

/** Opens the port of the app and gives its URL. */
export async function listenApp(app: FastifyInstance, address: ListenAddress): Promise<Started<string>> {
  try {
    // Without a host Fastify would take `localhost`, and for that open a second server for ::1, which would not
    // learn of a new certificate. An empty host is Node's unspecified address: :: where IPv6 is there, else 0.0.0.0.
    await app.listen({ host: bindHost(address) ?? '', port: address.port });
    return { ok: true, source: urlOf('https', app.server, address) };
  } catch (error) {
    return { ok: false, problems: [describeListenError(error as NodeJS.ErrnoException, address)] };
  }
}

/** Opens the port of a plain HTTP server and gives its URL. */
export async function listenServer(server: Server, address: ListenAddress): Promise<Started<string>> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: bindHost(address), port: address.port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return { ok: true, source: urlOf('http', server, address) };
  } catch (error) {
    return { ok: false, problems: [describeListenError(error as NodeJS.ErrnoException, address)] };
  }
}

function bindHost({ host }: ListenAddress): string | undefined {
  return host === 'localhost' ? '127.0.0.1' : (host ?? undefined);
}

function urlOf(scheme: string, server: Server, { host }: ListenAddress): string {
  const { address, family, port } = server.address() as AddressInfo;
  const shown = host ?? address;
  return `${scheme}://${family === 'IPv6' && shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

function describeListenError(error: NodeJS.ErrnoException, address: ListenAddress): Problem {
  const { host, port, option, command } = address;
  const where = host === null ? `port ${port}` : `port ${port} of ${host}`;
  const otherPort = `${command} ${option} ${port + 1000 <= 65_535 ? port + 1000 : port - 1000}`;
  const problem = (code: string, message: string, hint: string): Problem => ({
    code,
    level: 'deny',
    path: option,
    message,
    hint,
  });
  switch (error.code) {
    case 'EADDRINUSE':
      return problem('port-in-use', `${where} is in use already`, `Take another one: ${otherPort}`);
    case 'EACCES':
      return problem(
        'port-not-permitted',
        `${where} may not be opened by this user`,
        `Take one above 1023: ${otherPort}`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAFNOSUPPORT':
      return problem(
        'host-not-available',
        `this machine has no address "${host ?? ''}" to listen on (${error.code})`,
        `Name one of its own: ${command} ${option.replace('port', 'host')} 127.0.0.1`,
      );
    case undefined:
    default:
      return problem(
        'listen-failed',
        `${where} cannot be opened: ${error.message}`,
        `Try another one: ${otherPort}`,
      );
  }
}
