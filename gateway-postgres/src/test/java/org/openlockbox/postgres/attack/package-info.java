/// Attacks of somebody who has logged in, against the gateway and, as control, against a plain
/// relay.
@NullMarked
package org.openlockbox.postgres.attack;

import org.jspecify.annotations.NullMarked;
