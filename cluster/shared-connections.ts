import { KubeConfig } from '#kubernetes-client';
import type { RequestContext } from '@kubernetes/client-node';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** Certificates may be renewed: connections that are older are not used for new requests. */
const LIFETIME_MS = 600_000;

/**
 * A kubeconfig whose requests share their connections. The client (as of 2.0.1) makes an agent for each request, and so a
 * connection and a TLS handshake, which stays open for seconds after.
 */
export class SharingKubeConfig extends KubeConfig {
  #shared: Dispatcher | undefined;
  #untilMs = 0;

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const own = context.getDispatcher();
    if (own) context.setDispatcher(this.#sharedOr(own));
  }

  #sharedOr(own: Dispatcher): Dispatcher {
    if (this.#shared && performance.now() < this.#untilMs) return this.#shared;
    // What is under way on it, a watch too, comes to its end.
    void this.#shared?.close();
    this.#untilMs = performance.now() + LIFETIME_MS;
    return (this.#shared = own);
  }
}
