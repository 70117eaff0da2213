// Names of runtime classes behind which the containers of a pod have a kernel of their own.

/** In the syntax that JavaScript and RE2 (CEL) share; to be matched without regard to case. */
export const SANDBOXES = 'kata|gvisor|runsc|firecracker|microvm|cloud-hypervisor';
