/// Who is let in: the one decision that makes a `Permit`.
@NullMarked
package org.openlockbox.gateway.admission;

import org.jspecify.annotations.NullMarked;
