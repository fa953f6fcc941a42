/// What a protected database itself says it contains.
@NullMarked
package org.openlockbox.postgres.schema;

import org.jspecify.annotations.NullMarked;
