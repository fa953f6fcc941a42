/// Whether bytes may leave now, asked last before the system call.
@NullMarked
package org.openlockbox.gateway.gate;

import org.jspecify.annotations.NullMarked;
