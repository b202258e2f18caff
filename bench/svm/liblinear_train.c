/*
 * Times liblinear's own train() and nothing else: no parsing, no conversion to its sparse rows. Built and called by
 * compare.ts:
 *
 *     cc -O2 liblinear_train.c -o liblinear_train -llinear -lm        (Debian: liblinear-dev)
 *     ./liblinear_train rows.f32 labels.i32 rows columns solver C epsilon weights.f64
 *
 * prints the milliseconds on the clock and of CPU time; writes classes × (columns + 1) float64, classes in the order of their labels.
 */
#include <linear.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void quiet(const char *text) { (void)text; }

static double milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void *contents(const char *path, size_t bytes) {
  void *data = malloc(bytes);
  FILE *file = fopen(path, "rb");
  if (!file || fread(data, 1, bytes, file) != bytes) exit(2);
  fclose(file);
  return data;
}

int main(int count, char **words) {
  if (count != 9) return 2;
  const int rows = atoi(words[3]), columns = atoi(words[4]);
  const float *x = contents(words[1], sizeof(float) * rows * columns);
  const int *y = contents(words[2], sizeof(int) * rows);
  struct problem problem = {.l = rows, .n = columns + 1, .bias = 1};
  problem.y = malloc(sizeof(double) * rows);
  problem.x = malloc(sizeof(struct feature_node *) * rows);
  for (int i = 0; i < rows; i++) {
    struct feature_node *node = problem.x[i] = malloc(sizeof(struct feature_node) * (columns + 2));
    problem.y[i] = y[i];
    for (int k = 0; k < columns; k++)
      if (x[(size_t)i * columns + k] != 0) *node++ = (struct feature_node){k + 1, x[(size_t)i * columns + k]};
    *node++ = (struct feature_node){columns + 1, 1};
    node->index = -1;
  }
  struct parameter parameter = {.solver_type = atoi(words[5]), .C = atof(words[6]), .eps = atof(words[7]), .p = 0.1};
  set_print_string_function(quiet);
  const double started = milliseconds(CLOCK_MONOTONIC), used = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
  struct model *model = train(&problem, &parameter);
  printf("%.3f %.3f\n", milliseconds(CLOCK_MONOTONIC) - started, milliseconds(CLOCK_PROCESS_CPUTIME_ID) - used);

  FILE *file = fopen(words[8], "wb");
  for (int label = 0; label < model->nr_class; label++) {
    int at = 0;
    while (model->label[at] != label) at++;
    const int vectors = model->nr_class == 2 ? 1 : model->nr_class;
    for (int k = 0; k <= columns; k++) {
      /* Of two classes there is one vector, and it speaks for the label met first. */
      double w = vectors == 1 ? (at == 0 ? model->w[k] : -model->w[k]) : model->w[(size_t)k * vectors + at];
      fwrite(&w, sizeof w, 1, file);
    }
  }
  fclose(file);
  return 0;
}
