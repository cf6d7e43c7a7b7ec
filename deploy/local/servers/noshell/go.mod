module kubernetes-task-runner/deploy/local/servers/noshell

go 1.24
