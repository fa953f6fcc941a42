/// `lockbox doctor`: what a support engineer would look at on a host, each with the next step.
@NullMarked
package org.openlockbox.node.doctor;

import org.jspecify.annotations.NullMarked;
