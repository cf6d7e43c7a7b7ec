module kubernetes-task-runner/deploy/local/servers/pause

go 1.24
