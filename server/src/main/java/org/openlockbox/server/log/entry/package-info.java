/// Entries as they are stored, and how they are read.
@NullMarked
package org.openlockbox.server.log.entry;

import org.jspecify.annotations.NullMarked;
