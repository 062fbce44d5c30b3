import type { Texts } from '..'

export const mistake: Texts['mistake'] = {
  title: 'Report a mistake',
  label: 'What is wrong?',
  hint: 'Whoever keeps this description reads this. Do not write down names or other personal data. You will not get an answer.',
  send: 'Send',
  thanks: 'Thank you for your report',
  thanksText: 'Whoever keeps this description can now read it.',
  failed: 'Your report was not sent',
  fault: {
    melding: 'Write down what is wrong, in at most 2,000 characters.',
    'te-vaak': 'Five reports came from your network within this hour. Try again in an hour.',
  },
}
