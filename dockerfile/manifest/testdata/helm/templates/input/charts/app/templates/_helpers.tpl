{{- define "x" -}}
image: alpine:3.18
{{- end }}
