// Package probe gathers evidence. With cmd it is the only code that touches the network.
package probe
