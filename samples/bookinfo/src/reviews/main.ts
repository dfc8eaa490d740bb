import { runService } from '../http/serve.ts';
import { createReviews, reviewsOptions } from './reviews.ts';

await runService('reviews', () => createReviews(reviewsOptions(process.env)));
