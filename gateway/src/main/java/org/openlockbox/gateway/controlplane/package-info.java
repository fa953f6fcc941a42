/// The gateway's side of the control plane's gateway door.
@NullMarked
package org.openlockbox.gateway.controlplane;

import org.jspecify.annotations.NullMarked;
