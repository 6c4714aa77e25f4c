/** A picture of twelve by twelve pixels, as it comes inside a message. */
export const LANDSCAPE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAwAAAAMCAIAAADZF8uwAAAAyUlEQVR42oXKIWvEQBCG4flhUVGrVq1a9aqoqKiI' +
  '4RjKiBUroqqrq2tqrqpQqKpadaqq0P/QBtYE7uDgEd8Mr6yv7S55eGs3/f2ed31LfW/XetHtpzx+tmvHaD/l6avd1Iu+5bm1u+Tl0nZhI26kjb' +
  'zRP0cyVMZKqMRKquQKlfN3O5KhMBZCIRZSIRcoTIW58PHTOhmc0QlOdJKTHZzJmZ3FWZ2TI4MxGsGIRjKygTEZs7EYq3GyPVJGJShRSUpWUCZl' +
  'VhZlVU7KP6AbD7b94baVAAAAAElFTkSuQmCC';
