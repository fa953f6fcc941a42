/// What the catalogue says of an HTTP resource.
@NullMarked
package org.openlockbox.http.catalogue;

import org.jspecify.annotations.NullMarked;
