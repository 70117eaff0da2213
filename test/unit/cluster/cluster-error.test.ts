import { describe, expect, it } from 'vitest';
import { answerError, connectionError } from '../../../src/cluster/cluster-error.ts';

const status = (message: string): string => JSON.stringify({ kind: 'Status', message });

describe('an answer that is no success', () => {
  it.each([
    [401, '', 'credentials', 'the API server does not accept these credentials (401 Unauthorized)'],
    [
      403,
      status('pods is forbidden: User "x" cannot list resource "pods"'),
      'forbidden',
      'not allowed: pods is forbidden: User "x" cannot list resource "pods"',
    ],
    [403, '', 'forbidden', 'not allowed: GET /api/v1/pods is forbidden'],
    [404, status('pods "sonarr" not found'), 'not_found', 'pods "sonarr" not found'],
    [409, '', 'conflict', 'GET /api/v1/pods: conflict'],
    [422, status('Deployment "x" is invalid'), 'invalid', 'Deployment "x" is invalid'],
    [
      503,
      '<html>\n<body>upstream</body>',
      'server',
      'the API server answers GET /api/v1/pods with 503: <html>',
    ],
    [500, status('boom'), 'server', 'the API server answers GET /api/v1/pods with 500: boom'],
  ] as const)('%i is told in its own words', (code, body, reason, message) => {
    const error = answerError(code, body, 'GET', '/api/v1/pods?limit=500');
    expect([error.reason, error.message]).toEqual([reason, message]);
    expect(error.hint).not.toBe('');
  });
});

describe('a connection that does not come about', () => {
  const server = 'https://api.example.org:6443';
  const failing = (code: string, message: string): string => {
    const error = connectionError(Object.assign(new Error(message), { code }), server);
    expect(error.reason).toBe('unreachable');
    return error.message;
  };

  it('says whether the name, the port or the certificate is wrong', () => {
    expect(failing('ENOTFOUND', 'getaddrinfo ENOTFOUND')).toBe(
      'the host name of the API server https://api.example.org:6443 cannot be resolved',
    );
    expect(failing('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1')).toBe(
      'the API server https://api.example.org:6443 cannot be reached: connection refused',
    );
    expect(failing('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate')).toBe(
      'the certificate of the API server https://api.example.org:6443 is not trusted: unable to verify the first certificate',
    );
    expect(failing('ECONNRESET', 'socket hang up')).toBe(
      'the API server https://api.example.org:6443 cannot be reached: socket hang up',
    );
  });
});
