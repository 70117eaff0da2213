// Asks for a fact, and takes a no for an answer: with partial rights the rest is still worth knowing.
import type { Known } from '../diagnose/known.ts';
import { isClusterError } from './cluster-error.ts';

/**
 * The fact, or why it cannot be had; `right` is what RBAC would have to allow, as `kubectl auth can-i` takes it. Rejects
 * only where nothing could be asked at all: bad credentials, or the signal.
 */
export async function learn<T>(right: string, ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { state: 'known', value: await ask() };
  } catch (error) {
    if (!isClusterError(error) || error.reason === 'credentials') throw error;
    if (error.reason === 'forbidden') {
      // An exec is a GET and a creation: the answer names the verb that is missing.
      const verb = /cannot (\w+) resource/.exec(error.message)?.[1];
      return { state: 'not_allowed', right: verb === undefined ? right : right.replace(/^\w+/, verb) };
    }
    if (error.reason === 'not_found') return { state: 'absent' };
    return { state: 'not_asked', why: error.message };
  }
}
