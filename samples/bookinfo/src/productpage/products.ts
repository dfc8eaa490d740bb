/** The bookstore's whole stock. */
export interface Product {
  readonly id: number;
  readonly title: string;
  readonly descriptionHtml: string;
}

export const product: Product = {
  id: 0,
  title: 'The Comedy of Errors',
  descriptionHtml:
    'Two pairs of identical twins, parted in a shipwreck when they were small, turn up in the same town on the same day. ' +
    'Nobody can tell them apart, least of all themselves, and one wrong dinner guest is enough to set wives, merchants ' +
    'and constables on the wrong men. It is <b>William Shakespeare</b>’s shortest play and his most cheerful muddle.',
};

export const products: readonly Product[] = [product];
