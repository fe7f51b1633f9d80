// What the package ical.js reads in calendars.
//
// Lines of a number and a calendar in hexadecimal, separated by a tab, become
// objects of JSON as icalendar_check.c writes them.  Local times are read by the
// VTIMEZONE of the calendar alone.

'use strict'

const { readFileSync } = require('node:fs')
// the package is an ES module; this is the file that it has for require()
const ICAL = require('./node_modules/ical.js/dist/ical.es5.cjs')

const MOST = 40

function epoch(time) {
  return time ? time.toUnixTime() : null
}

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  ICAL.TimezoneService.reset()
  for (const zone of calendar.getAllSubcomponents('vtimezone')) {
    ICAL.TimezoneService.register(new ICAL.Timezone({ component: zone, tzid: zone.getFirstPropertyValue('tzid') }))
  }
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const value = (name) => component.getFirstPropertyValue(name)
    let occurrences = null
    if (value('rrule')) {
      const walk = new ICAL.Event(component, { strictExceptions: true }).iterator()
      occurrences = []
      for (let time; occurrences.length < MOST && (time = walk.next()); ) occurrences.push(epoch(time))
      occurrences.sort((a, b) => a - b)
    }
    return {
      uid: value('uid'),
      starts: epoch(value('dtstart')),
      ends: value('duration') ? epoch(value('dtstart')) + value('duration').toSeconds() : epoch(value('dtend')),
      summary: value('summary'),
      description: value('description'),
      location: value('location'),
      url: value('url'),
      status: value('status'),
      transp: value('transp'),
      organizer: value('organizer'),
      sequence: value('sequence'),
      attendees: component.getAllProperties('attendee').map((attendee) =>
        [attendee.getFirstValue(), attendee.getFirstParameter('cn') ?? null, attendee.getFirstParameter('partstat') ?? null]),
      occurrences,
    }
  })
}

for (const line of readFileSync(0, 'utf8').split('\n')) {
  const [n, digits] = line.split('\t')
  if (!digits) continue
  console.log(JSON.stringify({ n: Number(n), events: read(Buffer.from(digits, 'hex').toString('utf8')) }))
}
