/// What a provider's catalogue says of a protected database, and the one reader of it.
@NullMarked
package org.openlockbox.postgres.catalogue;

import org.jspecify.annotations.NullMarked;
