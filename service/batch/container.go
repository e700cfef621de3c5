package batch

import (
	"strconv"
	"strings"
)

// container are the properties of a container, of a definition or of a job.
type container struct {
	Command                      []string
	EnableExecuteCommand         *bool
	Environment                  []variable
	EphemeralStorage             *ephemeralStorage
	ExecutionRoleArn             string
	FargatePlatformConfiguration *platformConfiguration
	Image                        string
	InstanceType                 string
	JobRoleArn                   string
	LinuxParameters              *linuxParameters
	LogConfiguration             *logConfiguration
	Memory                       *int64
	MountPoints                  []mountPoint
	NetworkConfiguration         *networkConfiguration
	Privileged                   *bool
	ReadonlyRootFilesystem       *bool
	RepositoryCredentials        *repositoryCredentials
	ResourceRequirements         []resourceRequirement
	RuntimePlatform              *runtimePlatform
	Secrets                      []secret
	Ulimits                      []ulimit
	User                         string
	Vcpus                        *int64
	Volumes                      []volume
}

type variable struct {
	Name  string
	Value string `aws:"always"`
}

type ephemeralStorage struct {
	SizeInGiB *int64 `aws:"required,min=21,max=200"`
}

type platformConfiguration struct{ PlatformVersion string }

type linuxParameters struct {
	Devices            []device
	InitProcessEnabled *bool
	MaxSwap            *int64
	SharedMemorySize   *int64
	Swappiness         *int64
	Tmpfs              []tmpfs
}

type device struct {
	ContainerPath string
	HostPath      string `aws:"required"`
	Permissions   []string
}

type tmpfs struct {
	ContainerPath string `aws:"required"`
	MountOptions  []string
	Size          *int64 `aws:"required"`
}

type logConfiguration struct {
	LogDriver     string `aws:"required"`
	Options       map[string]string
	SecretOptions []secret
}

type mountPoint struct {
	ContainerPath string
	ReadOnly      *bool
	SourceVolume  string
}

type networkConfiguration struct{ AssignPublicIp string }

type repositoryCredentials struct {
	CredentialsParameter string `aws:"required"`
}

type resourceRequirement struct {
	Type  string `aws:"required" enum:"GPU|VCPU|MEMORY"`
	Value string `aws:"required"`
}

type runtimePlatform struct{ CpuArchitecture, OperatingSystemFamily string }

type secret struct {
	Name      string `aws:"required"`
	ValueFrom string `aws:"required"`
}

type ulimit struct {
	HardLimit *int64 `aws:"required"`
	Name      string `aws:"required"`
	SoftLimit *int64 `aws:"required"`
}

type volume struct {
	EfsVolumeConfiguration *efsVolume
	Host                   *hostPath
	Name                   string
}

type efsVolume struct {
	AuthorizationConfig   *efsAuthorization
	FileSystemId          string `aws:"required"`
	RootDirectory         string
	TransitEncryption     string
	TransitEncryptionPort *int64
}

type efsAuthorization struct{ AccessPointId, Iam string }

type hostPath struct{ SourcePath string }

// check refuses what no attempt could be made with.
func (c *container) check() error {
	if c.Image == "" {
		return invalid("Container properties should have an image")
	}
	if err := checkEnvironment(c.Environment); err != nil {
		return err
	}
	return checkRequirements(c.ResourceRequirements)
}

func checkEnvironment(all []variable) error {
	for _, v := range all {
		switch {
		case v.Name == "":
			return invalid("An environment variable has no name")
		case strings.HasPrefix(v.Name, "AWS_BATCH"):
			return invalid("Environment variables must not start with AWS_BATCH: this naming convention is reserved: %s", v.Name)
		case strings.ContainsAny(v.Name, "=\x00") || strings.Contains(v.Value, "\x00"):
			return invalid("The environment variable %q holds a character that none can hold", v.Name)
		}
	}
	return nil
}

func checkRequirements(all []resourceRequirement) error {
	for _, r := range all {
		n, err := strconv.ParseFloat(r.Value, 64)
		if err != nil || n <= 0 || n > 1<<20 {
			return invalid("The value %q of the resource requirement %s is not a number above 0", r.Value, r.Type)
		}
	}
	return nil
}

// requirement returns the amount of a resource that the container asks for.
func (c *container) requirement(kind string, older *int64, preset float64) float64 {
	for _, r := range c.ResourceRequirements {
		if r.Type == kind {
			n, _ := strconv.ParseFloat(r.Value, 64) // checked when it was given
			return n
		}
	}
	if older != nil {
		return float64(*older)
	}
	return preset
}

func (c *container) vcpus() float64 { return c.requirement("VCPU", c.Vcpus, 1) }

// memory is in MiB; 0: nobody said.
func (c *container) memory() float64 { return c.requirement("MEMORY", c.Memory, 0) }

// overrides are what a job's submission says of the container.
type overrides struct {
	Command              []string
	Environment          []variable
	InstanceType         string
	Memory               *int64
	ResourceRequirements []resourceRequirement
	Vcpus                *int64
}

// with returns the container as a submission overrides it: variables and requirements by their names.
func (c container) with(o *overrides) container {
	if o == nil {
		return c
	}
	if o.Command != nil {
		c.Command = o.Command
	}
	if o.InstanceType != "" {
		c.InstanceType = o.InstanceType
	}
	if o.Memory != nil {
		c.Memory = o.Memory
	}
	if o.Vcpus != nil {
		c.Vcpus = o.Vcpus
	}
	c.Environment = merge(c.Environment, o.Environment, func(v variable) string { return v.Name })
	c.ResourceRequirements = merge(c.ResourceRequirements, o.ResourceRequirements, func(r resourceRequirement) string { return r.Type })
	return c
}

// merge returns the elements of both lists; of two with the same name, the one of the second list.
func merge[T any](first, second []T, name func(T) string) []T {
	out := make([]T, 0, len(first)+len(second))
	at := map[string]int{}
	for _, list := range [][]T{first, second} {
		for _, one := range list {
			if i, ok := at[name(one)]; ok {
				out[i] = one
				continue
			}
			at[name(one)] = len(out)
			out = append(out, one)
		}
	}
	return out
}

// command replaces the parameters that the command refers to: an element Ref::name.
func (c *container) command(parameters map[string]string) []string {
	out := make([]string, len(c.Command))
	for i, word := range c.Command {
		out[i] = word
		if name, ok := strings.CutPrefix(word, "Ref::"); ok {
			if text, ok := parameters[name]; ok {
				out[i] = text
			}
		}
	}
	return out
}
