import { METHODS } from 'node:http';
import Router from '@koa/router';

/** A router that knows every method of HTTP, so that one which an address does not take is answered by 405, never by 501. */
export function createRouter(prefix = ''): Router {
  return new Router({ prefix, methods: [...METHODS] });
}
