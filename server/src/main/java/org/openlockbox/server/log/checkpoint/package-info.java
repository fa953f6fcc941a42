/// The signing of checkpoints, and what guards it.
@NullMarked
package org.openlockbox.server.log.checkpoint;

import org.jspecify.annotations.NullMarked;
