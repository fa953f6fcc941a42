/// What a policy needs that a JDK does not have: CEL for its conditions, YAML for people who write
/// it by hand. Server, gateway and command line share it; core knows only the seam.
@NullMarked
package org.openlockbox.policy;

import org.jspecify.annotations.NullMarked;
