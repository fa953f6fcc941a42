/// The pages of a request: reading it, reviewing it, commenting on it, giving it back.
@NullMarked
package org.openlockbox.portal.request;

import org.jspecify.annotations.NullMarked;
