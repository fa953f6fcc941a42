/// One decision: the access behind it, its session, and its record.
@NullMarked
package org.openlockbox.check.session;

import org.jspecify.annotations.NullMarked;
