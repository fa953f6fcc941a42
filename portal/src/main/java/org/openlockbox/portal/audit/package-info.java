/// The pages on which access is watched and looked up.
@NullMarked
package org.openlockbox.portal.audit;

import org.jspecify.annotations.NullMarked;
