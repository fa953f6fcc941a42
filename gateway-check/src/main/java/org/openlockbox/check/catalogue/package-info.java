/// What the catalogue says of a resource that asks by itself.
@NullMarked
package org.openlockbox.check.catalogue;

import org.jspecify.annotations.NullMarked;
