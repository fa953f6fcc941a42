/// Guesses what columns hold, from names, types and the shapes of sampled values. Samples are
/// looked at in memory and forgotten: every answer of this package is a name or a count.
@NullMarked
package org.openlockbox.postgres.personal;

import org.jspecify.annotations.NullMarked;
