/// Counts what arrives at clients behind the end of an access, for every protocol.
@NullMarked
package org.openlockbox.gateway.testing.end;

import org.jspecify.annotations.NullMarked;
