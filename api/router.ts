import { METHODS } from 'node:http';
import Router from '@koa/router';

/**
 * A router that knows every method of HTTP, so that one which an address does not take is answered by 405, never by 501. Paths are compared
 * with their case, by its routes as by its middleware.
 */
export function createRouter(prefix = ''): Router {
  return new Router({ prefix, sensitive: true, methods: [...METHODS] });
}
