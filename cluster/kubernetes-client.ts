/**
 * All that this service uses of the Kubernetes client. As `#kubernetes-client` this is the module itself, and with
 * `--conditions=bundled`, as the API and the worker are started, the file that `npm run build` makes of it: the whole library, with every
 * API that Kubernetes has, takes some 40 MB of each process.
 */
export {
  ApiException,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  HttpMethod,
  KubeConfig,
  KubernetesObjectApi,
  loadAllYaml,
  PatchStrategy,
  RequestContext,
  setHeaderOptions,
  V1MicroTime,
} from '@kubernetes/client-node';
