/// How entries and the texts that they commit to are written.
@NullMarked
package org.openlockbox.server.log.append;

import org.jspecify.annotations.NullMarked;
