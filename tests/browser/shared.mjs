// The stack, the browser and the front desk that are in use.
export const shared = {};
