import type { V1Container, V1EnvVar, V1SecurityContext } from '@kubernetes/client-node';
import type { PodSecurity } from '../config.ts';
import type { JobRequest } from '../workflows/contract.ts';
import type { JobParameters, ResourceList, Resources } from '../workflows/parameters.ts';
import { secretKeyOf, sealedIn } from '../workflows/environment.ts';
import type { JobRef } from '../workflows/observation.ts';
import { EPHEMERAL_STORAGE, withEphemeralStorage } from './ephemeral-storage.ts';
import { environmentKeyOf, jobSecretOf } from './names.ts';
import { atMost, multiplied } from './quantity.ts';

/** What the service decides about the user's container. */
export interface TaskSettings {
  readonly security: PodSecurity;
  /** Limit of the ephemeral storage of a task whose job says none, as a Kubernetes quantity. */
  readonly ephemeralStorage: string;
}

/** The user's container. `memoryFactor` multiplies the memory that the job asks for, within its `maxResources`. */
export function taskContainer(
  ref: JobRef,
  { parameters, maxResources = {} }: Pick<JobRequest, 'parameters' | 'maxResources'>,
  { security, ephemeralStorage }: TaskSettings,
  hasInput: boolean,
  memoryFactor = 1,
): V1Container {
  const { command, args, environment_variables, resources } = parameters;
  const standardStorage = atMost(ephemeralStorage, maxResources[EPHEMERAL_STORAGE]);
  return {
    name: 'task',
    image: parameters.docker_image,
    imagePullPolicy: parameters.image_pull_policy ?? 'IfNotPresent',
    ...(command && { command: command.map(literal) }),
    ...(args && { args: args.map(literal) }),
    env: variablesOf(ref, environment_variables),
    resources: withEphemeralStorage(withMemory(resources, memoryFactor, maxResources['memory']), standardStorage),
    securityContext: securityOf(security),
    volumeMounts: [
      { name: 'output', mountPath: '/output' },
      ...(hasInput ? [{ name: 'input', mountPath: '/input', readOnly: true }] : []),
    ],
  };
}

/** The texts themselves, and where the kubelet finds those that are in a Secret. */
function variablesOf(ref: JobRef, environment: JobParameters['environment_variables'] = {}): V1EnvVar[] {
  const sealed = sealedIn(environment).map(([name]) => name);
  return Object.entries(environment).map(([name, value]) => {
    if (typeof value === 'string') return { name, value: literal(value) };
    const secretKeyRef =
      'secret' in value
        ? secretKeyOf(value)
        : { name: jobSecretOf(ref, 'task'), key: environmentKeyOf(sealed.indexOf(name)) };
    return { name, valueFrom: { secretKeyRef } };
  });
}

/**
 * `restricted` asks for a user other than root without capabilities. `baseline` leaves both to the image, except for raw packets, by which
 * a task could pose as another pod of its node.
 */
function securityOf(level: PodSecurity): V1SecurityContext {
  const baseline = { allowPrivilegeEscalation: false, capabilities: { drop: ['NET_RAW'] } };
  return level === 'restricted' ? { ...baseline, runAsNonRoot: true, capabilities: { drop: ['ALL'] } } : baseline;
}

/** Memory that is asked for, and its limit, grow alike, up to `most`. */
function withMemory({ limits, requests }: Resources = {}, factor: number, most: string | undefined): Resources {
  const grown = (list: ResourceList): ResourceList => {
    const { memory } = list;
    return factor === 1 || memory === undefined ? list : { ...list, memory: atMost(multiplied(memory, factor), most) };
  };
  return { ...(limits && { limits: grown(limits) }), ...(requests && { requests: grown(requests) }) };
}

/**
 * Kubernetes expands `$(NAME)` in values, commands and arguments; doubling the dollar keeps it as it was written.
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}
