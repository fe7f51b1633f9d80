// When feeds say that somebody is busy, as the package ical.js reads them.
//
// Reads the objects of icalendar_feeds.py, and writes for those that are
// "simple" the number and a tstzmultirange, for COPY.

'use strict'

const { readFileSync } = require('node:fs')
// the package is an ES module; this is the file that it has for require()
const ICAL = require('./node_modules/ical.js/dist/ical.es5.cjs')

const DAY = 86400

function epoch(text) {
  return Date.parse(text.trim().replace(' ', 'T').replace('+00', 'Z')) / 1000
}

// Whether a component takes its time
function counts(component, tentative) {
  const status = component.getFirstPropertyValue('status')
  return component.getFirstPropertyValue('transp') !== 'TRANSPARENT' && status !== 'CANCELLED' &&
    (tentative || status !== 'TENTATIVE')
}

function periodsOf({ ics, during, options }) {
  // it knows no CR alone, and no byte order mark
  const calendar = new ICAL.Component(ICAL.parse(ics.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')))
  const tentative = options.tentative ?? true
  const [from, to] = during.slice(1, -1).split(',').map(epoch)
  const periods = []

  function add(start, end) {
    if (start < end && start < to && end > from) periods.push([start, end])
  }

  ICAL.TimezoneService.reset()
  for (const zone of calendar.getAllSubcomponents('vtimezone')) {
    ICAL.TimezoneService.register(new ICAL.Timezone({ component: zone, tzid: zone.getFirstPropertyValue('tzid') }))
  }
  const events = calendar.getAllSubcomponents('vevent')
  const masters = new Set()
  for (const component of events) {
    if (component.hasProperty('recurrence-id')) continue
    const uid = component.getFirstPropertyValue('uid')
    const exceptions = events.filter((e) => e.hasProperty('recurrence-id') && e.getFirstPropertyValue('uid') === uid)
    const event = new ICAL.Event(component, { exceptions })
    masters.add(uid)
    if (!event.isRecurring()) {
      if (counts(component, tentative)) add(event.startDate.toUnixTime(), event.endDate.toUnixTime())
      continue
    }
    // later ones may have been moved into the window
    const last = Math.max(to, ...exceptions.map((e) => e.getFirstPropertyValue('recurrence-id').toUnixTime() + DAY))
    const walk = event.iterator()
    for (let time; (time = walk.next()) && time.toUnixTime() < last; ) {
      const { item, startDate, endDate } = event.getOccurrenceDetails(time)
      if (counts(item.component, tentative)) add(startDate.toUnixTime(), endDate.toUnixTime())
    }
  }
  for (const component of events) {
    if (masters.has(component.getFirstPropertyValue('uid')) || !counts(component, tentative)) continue
    const event = new ICAL.Event(component)
    add(event.startDate.toUnixTime(), event.endDate.toUnixTime())
  }
  for (const component of calendar.getAllSubcomponents('vfreebusy')) {
    for (const property of component.getAllProperties('freebusy')) {
      const kind = (property.getFirstParameter('fbtype') ?? 'BUSY').toUpperCase()
      if (kind === 'FREE' || (kind === 'BUSY-TENTATIVE' && !tentative)) continue
      for (const period of property.getValues()) add(period.start.toUnixTime(), period.getEnd().toUnixTime())
    }
  }
  return periods
}

for (const line of readFileSync(0, 'utf8').split('\n')) {
  if (!line) continue
  const feed = JSON.parse(line)
  if (!feed.simple) continue
  let text
  try {
    text = periodsOf(feed).map((period) => `[${period.map((t) => new Date(t * 1000).toISOString()).join(',')})`).join(',')
  } catch (error) {
    throw new Error(`feed ${feed.n}`, { cause: error })
  }
  console.log(`${feed.n}\t{${text}}`)
}
