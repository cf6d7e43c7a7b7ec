/** Settings of what jobs may name: images, and objects of the cluster. */
import { imagePatterns } from './limits.ts';
import { nodeLabels, objectNames, priorityClasses, taints } from './scheduling.ts';
import { optional } from './setting.ts';

const allowedHelp = (what: string) =>
  `${what}, separated by commas; * allows all (default: none with API_AUTH, all without)`;

/** Read by the API. */
export const ALLOWED_SETTINGS = {
  ALLOWED_IMAGES: optional(
    imagePatterns,
    'images that jobs may run, like python:3.*,registry.example.com/team/*, separated by commas; all when absent',
  ),
  ALLOWED_PRIORITY_CLASSES: optional(priorityClasses, allowedHelp('priority classes that jobs may name, like low')),
  ALLOWED_QUEUES: optional(objectNames, allowedHelp('queues of Kueue that jobs may name')),
  ALLOWED_STORAGE_CLASSES: optional(objectNames, allowedHelp('storage classes that jobs may name')),
  ALLOWED_NODE_SELECTORS: optional(
    nodeLabels,
    allowedHelp('labels of nodes that jobs may ask for, like disktype or pool=gpu'),
  ),
  ALLOWED_TOLERATIONS: optional(
    taints,
    allowedHelp('taints that jobs may tolerate, like gpu or dedicated=batch:NoSchedule'),
  ),
};
