{{/* Namespace of the jobs. */}}
{{- define "runner.jobsNamespace" -}}
{{- .Values.jobs.namespace | default (printf "%s-jobs" .Release.Namespace) -}}
{{- end -}}

{{/* What never changes of a component: (dict "root" $ "component" "api"). Without a component, what all have. */}}
{{- define "runner.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "runner.labels" -}}
{{ include "runner.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name (.root.Chart.Version | replace "+" "_") }}
{{- end -}}

{{/* Settings that the chart says by itself, and that others may say otherwise. */}}
{{- define "runner.defaults" -}}
{{- if eq .component "api" -}}
API_HOST: 0.0.0.0
{{- $service := printf "%s-api" .root.Release.Name }}
{{- $namespace := .root.Release.Namespace }}
API_ALLOWED_HOSTS: {{ $service }},{{ $service }}.{{ $namespace }},{{ $service }}.{{ $namespace }}.svc{{ with .root.Values.ingress.host }},{{ . }}{{ end }}
{{- /* Workers tell of changes by a token alone. */ -}}
{{- if hasKey .root.Values.secrets "WORKER_TOKEN" }}
WORKER_URL: http://{{ .root.Release.Name }}-worker.{{ .root.Release.Namespace }}.svc:4899
{{- end }}
{{- else -}}
WORKER_HOST: 0.0.0.0
{{- end }}
{{- end -}}

{{/* Settings that the rest of the chart relies on. */}}
{{- define "runner.fixed" -}}
KUBERNETES_NAMESPACE: {{ include "runner.jobsNamespace" .root }}
{{- if eq .component "api" }}
API_PORT: "4898"
API_METRICS_PORT: "4897"
{{- with .root.Values.jobs.allowed }}
ALLOWED_PRIORITY_CLASSES: {{ join "," .priorityClasses | quote }}
ALLOWED_QUEUES: {{ join "," .queues | quote }}
ALLOWED_STORAGE_CLASSES: {{ join "," .storageClasses | quote }}
ALLOWED_NODE_SELECTORS: {{ join "," .nodeSelectors | quote }}
ALLOWED_TOLERATIONS: {{ join "," .tolerations | quote }}
{{- end }}
{{- else }}
WORKER_PORT: "4899"
TEMPORAL_METRICS_PORT: "4896"
TRANSFER_IMAGE: {{ .root.Values.images.transfer }}
POD_SECURITY: {{ .root.Values.jobs.podSecurity }}
ALLOWED_POD_LABELS: {{ join "," .root.Values.jobs.allowed.podLabels | quote }}
JOB_NODE_SELECTOR: {{ .root.Values.jobs.nodeSelector | default dict | toJson | quote }}
JOB_TOLERATIONS: {{ .root.Values.jobs.tolerations | default list | toJson | quote }}
JOB_RUNTIME_CLASS: {{ .root.Values.jobs.runtimeClass | default "" | quote }}
JOB_HOST_USERS: {{ ne .root.Values.jobs.hostUsers false | quote }}
{{- end }}
{{- end -}}

{{/* A value as the text of a variable: YAML's numbers are floating ones, and 10737418240 is to stay what it is. */}}
{{- define "runner.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}{{ printf "%.0f" . }}{{- else -}}{{ . }}{{- end -}}
{{- end -}}

{{/* The environment of a container. */}}
{{- define "runner.environment" -}}
{{- $plain := dict -}}
{{- $own := (get .root.Values .component).settings -}}
{{- /* Not by `merge`, which takes an empty text for nothing: it is how a default is left out. */ -}}
{{- range list (include "runner.defaults" . | fromYaml) .root.Values.settings $own (include "runner.fixed" . | fromYaml) -}}
{{- range $name, $value := . }}{{ $_ := set $plain $name $value }}{{ end -}}
{{- end -}}
{{- range $name, $value := $plain }}
- name: {{ $name }}
  value: {{ include "runner.text" $value | quote }}
{{- end }}
{{- range $name, $source := .root.Values.secrets }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $source.name }}
      key: {{ $source.key }}
{{- end }}
{{- range $name := keys .root.Values.secretFiles | sortAlpha }}
- name: {{ $name }}
  value: /secrets/{{ $name }}
{{- end }}
{{- end -}}

{{/* A setting that the policies of the jobs have to know, or an empty text: (dict "root" $ "component" "api" "name" "OWNER_SECRETS"). */}}
{{- define "runner.setting" -}}
{{- range include "runner.environment" . | fromYamlArray }}
{{- if eq .name $.name }}
{{- if .valueFrom }}
{{- fail (printf "secrets.%s: jobs.admissionPolicy has to know this setting; put it into settings, or set jobs.admissionPolicy.enabled=false" .name) }}
{{- end }}
{{- .value }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the pods of both components have. */}}
{{- define "runner.pod" -}}
{{- $values := get .root.Values .component -}}
serviceAccountName: {{ .root.Release.Name }}-{{ .component }}
automountServiceAccountToken: true
# Addresses of services would be taken for settings.
enableServiceLinks: false
{{- with .root.Values.images.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  # The user `node` of the image.
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile:
    type: RuntimeDefault
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "runner.selector" . | nindent 8 }}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 1Gi
{{- with .root.Values.secretFiles }}
  - name: secrets
    projected:
      defaultMode: 0440
      sources:
      {{- range $name, $source := . }}
        - secret:
            name: {{ $source.name }}
            items:
              - key: {{ $source.key }}
                path: {{ $name }}
      {{- end }}
{{- end }}
{{- end -}}

{{/* What the containers of both components have. */}}
{{- define "runner.container" -}}
name: {{ .component }}
image: {{ .root.Values.images.service }}
imagePullPolicy: {{ .root.Values.images.pullPolicy }}
args: [{{ .component }}]
env: {{- include "runner.environment" . | trim | nindent 2 }}
resources: {{- toYaml (get .root.Values .component).resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- if .root.Values.secretFiles }}
  - name: secrets
    mountPath: /secrets
    readOnly: true
{{- end }}
# The process answers as soon as it has been loaded, which a busy node draws out.
startupProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}
