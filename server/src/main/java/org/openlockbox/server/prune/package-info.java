/// What of the database is deleted when it is old.
@NullMarked
package org.openlockbox.server.prune;

import org.jspecify.annotations.NullMarked;
