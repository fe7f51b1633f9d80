export function test(description: string, body: () => Promise<void>): Promise<void>
export function failing(promise: Promise<unknown>): Promise<any>
export function run(main: () => Promise<void>): void
