{{/* Parameters: a dict with root and part. */}}
{{- define "openlockbox.labels" -}}
app.kubernetes.io/name: openlockbox
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "openlockbox.meta" -}}
{{ include "openlockbox.labels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "openlockbox.image" -}}
{{ index .root.Values.image .part }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* A user of its own, nothing to write but its volumes, no right of the kernel. */}}
{{- define "openlockbox.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "openlockbox.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "openlockbox.probes" -}}
startupProbe:
  httpGet: {path: /livez, port: management}
  periodSeconds: 2
  failureThreshold: 90
livenessProbe:
  httpGet: {path: /livez, port: management}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: management}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end }}

{{/* Secrets that others may read are refused, and with fsGroup the group may: so they are copied, each for its owner alone. */}}
{{- define "openlockbox.privateFiles" -}}
name: private-files
image: {{ include "openlockbox.image" . }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
command: [/usr/bin/sh, -euc, "for file in /given/*; do install -m 0400 -- \"$file\" /private/; done"]
securityContext: {{- include "openlockbox.containerSecurity" . | nindent 2 }}
volumeMounts:
  - {name: given, mountPath: /given, readOnly: true}
  - {name: private, mountPath: /private}
{{- end }}

{{- define "openlockbox.placement" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
