/// The catalogue of resources that ask.
@NullMarked
package org.openlockbox.check.catalogue;

import org.jspecify.annotations.NullMarked;
