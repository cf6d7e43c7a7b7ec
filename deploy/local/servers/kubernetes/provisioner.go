package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// folders provisions PersistentVolumes of type local: one folder for each claim, all on one node.
// Unlike hostPath, a local volume honours fsGroup, so that containers which are not root can write to it.
type folders struct {
	root string
	node string
}

var _ controller.Provisioner = folders{}

// limited is the parameter of a storage class whose volumes hold no more than was claimed, so that they can be full.
const limited = "limited"

// Provision makes the folder of a claim. Only root can enter it until the kubelet applies the pod's fsGroup.
func (f folders) Provision(_ context.Context, options controller.ProvisionOptions) (*core.PersistentVolume, controller.ProvisioningState, error) {
	path := filepath.Join(f.root, options.PVName)
	if err := os.MkdirAll(path, 0o770); err != nil {
		return nil, controller.ProvisioningFinished, fmt.Errorf("make the folder of volume %s: %w", options.PVName, err)
	}
	if options.StorageClass.Parameters[limited] == "true" {
		if err := mountLimited(path, options.PVC.Spec.Resources.Requests.Storage().Value()); err != nil {
			return nil, controller.ProvisioningFinished, fmt.Errorf("limit volume %s: %w", options.PVName, err)
		}
	}
	return f.volume(path, options), controller.ProvisioningFinished, nil
}

// mountLimited puts a file system in memory over the folder, once however often it is called.
func mountLimited(path string, sizeBytes int64) error {
	unmount(path)
	return syscall.Mount("tmpfs", path, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0770", sizeBytes))
}

func unmount(path string) {
	for syscall.Unmount(path, syscall.MNT_DETACH) == nil {
	}
}

// Delete removes the folder with all that is in it.
func (f folders) Delete(_ context.Context, volume *core.PersistentVolume) error {
	path := filepath.Join(f.root, filepath.Base(volume.Name))
	unmount(path)
	return os.RemoveAll(path)
}

func (f folders) volume(path string, options controller.ProvisionOptions) *core.PersistentVolume {
	return &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: options.PVName},
		Spec: core.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   options.PVC.Spec.AccessModes,
			Capacity:                      core.ResourceList{core.ResourceStorage: options.PVC.Spec.Resources.Requests[core.ResourceStorage]},
			PersistentVolumeSource:        core.PersistentVolumeSource{Local: &core.LocalVolumeSource{Path: path}},
			NodeAffinity:                  onNode(f.node),
		},
	}
}

func onNode(name string) *core.VolumeNodeAffinity {
	isNode := core.NodeSelectorRequirement{Key: core.LabelHostname, Operator: core.NodeSelectorOpIn, Values: []string{name}}
	term := core.NodeSelectorTerm{MatchExpressions: []core.NodeSelectorRequirement{isNode}}
	return &core.VolumeNodeAffinity{Required: &core.NodeSelector{NodeSelectorTerms: []core.NodeSelectorTerm{term}}}
}

func newProvisionerCommand() *cobra.Command {
	var name, kubeconfig string
	var provisioner folders
	command := &cobra.Command{
		Use:   "local-provisioner",
		Short: "Makes a folder on the node for each claim of its storage class",
		RunE: func(*cobra.Command, []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return runProvisioner(ctx, name, kubeconfig, provisioner)
		},
	}
	command.Flags().StringVar(&name, "name", "kubernetes-task-runner/local", "provisioner named by the storage class")
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "file that says how to reach the API server")
	command.Flags().StringVar(&provisioner.root, "folder", "", "folder that holds the volumes")
	command.Flags().StringVar(&provisioner.node, "node", "", "node that has the folder")
	return command
}

// runProvisioner works until the context ends. Its request rate is raised, so that many claims made at once do not wait in the client.
func runProvisioner(ctx context.Context, name, kubeconfig string, provisioner folders) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 500, 1000
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	options := []func(*controller.ProvisionController) error{controller.LeaderElection(false), controller.Threadiness(8)}
	controller.NewProvisionController(ctx, client, name, provisioner, options...).Run(ctx)
	return nil
}
