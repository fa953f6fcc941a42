/// The control plane's database fails over, and servers and gateways die, while sessions run.
@NullMarked
package org.openlockbox.e2e.failover;

import org.jspecify.annotations.NullMarked;
