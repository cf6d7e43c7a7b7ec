// Where the definitions of ServiceMonitor and PrometheusRule are taken from: nothing of it is compiled.
module kubernetes-task-runner/test/chart/prometheus-operator

go 1.24.0

require github.com/prometheus-operator/prometheus-operator v0.85.0
