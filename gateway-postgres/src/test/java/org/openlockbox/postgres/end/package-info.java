/// What a client still gets after the end of an access, whatever stands still meanwhile.
@NullMarked
package org.openlockbox.postgres.end;

import org.jspecify.annotations.NullMarked;
