(module
  ;; How near vectors in linear memory are, with 128-bit SIMD and nothing relaxed.
  ;;
  ;; Every vector has one accumulator of four lanes, which are the four partial sums of
  ;; org.edgevec.vector.Vectors: what is left over after the last four components goes to the first,
  ;; and the result is (s0 + s1) + (s2 + s3). So results are the scalar ones to the last bit. Four
  ;; vectors at a time hide that additions of one accumulator wait for each other.
  ;;
  ;; Addresses and lengths are unsigned: memory may have 4 GiB. Loops count components down, since
  ;; an end address could be 2^32.
  (import "env" "memory" (memory 1 65536))

  ;; 1: a module in whose place there is nothing returns 0.
  (func (export "isThere") (result i32) (i32.const 1))

  ;; Adds pages of 64 KiB; returns how many there were, or -1 if that many are not to be had.
  (func (export "grow") (param $pages i32) (result i32)
    (memory.grow (local.get $pages)))

  (func (export "copy") (param $to i32) (param $from i32) (param $bytes i32)
    (memory.copy (local.get $to) (local.get $from) (local.get $bytes)))

  ;; (s0 + s1) + (s2 + s3)
  (func $sum (param $s v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $s)) (f32x4.extract_lane 1 (local.get $s)))
      (f32.add (f32x4.extract_lane 2 (local.get $s)) (f32x4.extract_lane 3 (local.get $s)))))

  ;; The Euclidean length, summed in doubles.
  (func (export "norm") (param $a i32) (param $count i32) (result f64)
    (local $v v128) (local $s01 v128) (local $s23 v128) (local $s0 f64) (local $x f64)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $v (v128.load (local.get $a)))
        (local.set $s01
          (f64x2.add (local.get $s01)
            (f64x2.mul
              (f64x2.promote_low_f32x4 (local.get $v))
              (f64x2.promote_low_f32x4 (local.get $v)))))
        (local.set $v (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v)))
        (local.set $s23
          (f64x2.add (local.get $s23)
            (f64x2.mul
              (f64x2.promote_low_f32x4 (local.get $v))
              (f64x2.promote_low_f32x4 (local.get $v)))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next)))
    (local.set $s0 (f64x2.extract_lane 0 (local.get $s01)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $x (f64.promote_f32 (f32.load (local.get $a))))
        (local.set $s0 (f64.add (local.get $s0) (f64.mul (local.get $x) (local.get $x))))
        (local.set $a (i32.add (local.get $a) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (f64.sqrt
      (f64.add
        (f64.add (local.get $s0) (f64x2.extract_lane 1 (local.get $s01)))
        (f64.add (f64x2.extract_lane 0 (local.get $s23)) (f64x2.extract_lane 1 (local.get $s23))))))

  ;; Not 0 if a component is below 2^-39 and not 0: then of both, its size less that limit and its
  ;; size negated, the sign is set.
  (func (export "hasTiny") (param $a i32) (param $count i32) (result i32)
    (local $v v128) (local $found v128)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (if (i32.lt_u (local.get $count) (i32.const 4))
          (then
            (local.set $v (v128.load32_zero (local.get $a)))
            (local.set $a (i32.add (local.get $a) (i32.const 4)))
            (local.set $count (i32.sub (local.get $count) (i32.const 1))))
          (else
            (local.set $v (v128.load (local.get $a)))
            (local.set $a (i32.add (local.get $a) (i32.const 16)))
            (local.set $count (i32.sub (local.get $count) (i32.const 4)))))
        (local.set $v (f32x4.abs (local.get $v)))
        (local.set $found
          (v128.or (local.get $found)
            (v128.and
              (i32x4.sub (local.get $v) (v128.const i32x4 0x2c000000 0x2c000000 0x2c000000 0x2c000000))
              (i32x4.neg (local.get $v)))))
        (br $next)))
    (i32x4.bitmask (local.get $found)))

  ;; The inner product of two vectors.
  (func (export "dot") (param $a i32) (param $b i32) (param $count i32) (result f32)
    (local $s v128)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $s
          (f32x4.add (local.get $s) (f32x4.mul (v128.load (local.get $a)) (v128.load (local.get $b)))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $s
          (f32x4.replace_lane 0 (local.get $s)
            (f32.add
              (f32x4.extract_lane 0 (local.get $s))
              (f32.mul (f32.load (local.get $a)) (f32.load (local.get $b))))))
        (local.set $a (i32.add (local.get $a) (i32.const 4)))
        (local.set $b (i32.add (local.get $b) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (call $sum (local.get $s)))

  ;; The square of the Euclidean distance of two vectors.
  (func (export "squaredDistance") (param $a i32) (param $b i32) (param $count i32) (result f32)
    (local $s v128) (local $d v128) (local $x f32)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $d (f32x4.sub (v128.load (local.get $a)) (v128.load (local.get $b))))
        (local.set $s (f32x4.add (local.get $s) (f32x4.mul (local.get $d) (local.get $d))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $x (f32.sub (f32.load (local.get $a)) (f32.load (local.get $b))))
        (local.set $s
          (f32x4.replace_lane 0 (local.get $s)
            (f32.add (f32x4.extract_lane 0 (local.get $s)) (f32.mul (local.get $x) (local.get $x)))))
        (local.set $a (i32.add (local.get $a) (i32.const 4)))
        (local.set $b (i32.add (local.get $b) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (call $sum (local.get $s)))

  ;; The inner products of one vector with four, to four floats at $out.
  (func (export "dot4")
    (param $q i32) (param $r0 i32) (param $r1 i32) (param $r2 i32) (param $r3 i32)
    (param $count i32) (param $out i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $t0 v128) (local $t1 v128) (local $t2 v128) (local $t3 v128)
    (local $v v128) (local $r v128)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $v (v128.load (local.get $q)))
        (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $v) (v128.load (local.get $r0)))))
        (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $v) (v128.load (local.get $r1)))))
        (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $v) (v128.load (local.get $r2)))))
        (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $v) (v128.load (local.get $r3)))))
        (local.set $q (i32.add (local.get $q) (i32.const 16)))
        (local.set $r0 (i32.add (local.get $r0) (i32.const 16)))
        (local.set $r1 (i32.add (local.get $r1) (i32.const 16)))
        (local.set $r2 (i32.add (local.get $r2) (i32.const 16)))
        (local.set $r3 (i32.add (local.get $r3) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next)))
    ;; From a vector in each to the same partial sum of all four in each.
    (local.set $t0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s0) (local.get $s1)))
    (local.set $t1 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s2) (local.get $s3)))
    (local.set $t2 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s0) (local.get $s1)))
    (local.set $t3 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s2) (local.get $s3)))
    (local.set $s0 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t0) (local.get $t1)))
    (local.set $s1 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t0) (local.get $t1)))
    (local.set $s2 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t2) (local.get $t3)))
    (local.set $s3 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t2) (local.get $t3)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $r
          (v128.load32_lane 3
            (local.get $r3)
            (v128.load32_lane 2
              (local.get $r2)
              (v128.load32_lane 1 (local.get $r1) (v128.load32_zero (local.get $r0))))))
        (local.set $s0
          (f32x4.add (local.get $s0) (f32x4.mul (v128.load32_splat (local.get $q)) (local.get $r))))
        (local.set $q (i32.add (local.get $q) (i32.const 4)))
        (local.set $r0 (i32.add (local.get $r0) (i32.const 4)))
        (local.set $r1 (i32.add (local.get $r1) (i32.const 4)))
        (local.set $r2 (i32.add (local.get $r2) (i32.const 4)))
        (local.set $r3 (i32.add (local.get $r3) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (v128.store
      (local.get $out)
      (f32x4.add
        (f32x4.add (local.get $s0) (local.get $s1))
        (f32x4.add (local.get $s2) (local.get $s3)))))

  ;; The squares of the distances of one vector to four, to four floats at $out.
  (func (export "squaredDistance4")
    (param $q i32) (param $r0 i32) (param $r1 i32) (param $r2 i32) (param $r3 i32)
    (param $count i32) (param $out i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $t0 v128) (local $t1 v128) (local $t2 v128) (local $t3 v128)
    (local $v v128) (local $r v128) (local $d v128)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $v (v128.load (local.get $q)))
        (local.set $d (f32x4.sub (local.get $v) (v128.load (local.get $r0))))
        (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $d) (local.get $d))))
        (local.set $d (f32x4.sub (local.get $v) (v128.load (local.get $r1))))
        (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $d) (local.get $d))))
        (local.set $d (f32x4.sub (local.get $v) (v128.load (local.get $r2))))
        (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $d) (local.get $d))))
        (local.set $d (f32x4.sub (local.get $v) (v128.load (local.get $r3))))
        (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $d) (local.get $d))))
        (local.set $q (i32.add (local.get $q) (i32.const 16)))
        (local.set $r0 (i32.add (local.get $r0) (i32.const 16)))
        (local.set $r1 (i32.add (local.get $r1) (i32.const 16)))
        (local.set $r2 (i32.add (local.get $r2) (i32.const 16)))
        (local.set $r3 (i32.add (local.get $r3) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next)))
    ;; From a vector in each to the same partial sum of all four in each.
    (local.set $t0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s0) (local.get $s1)))
    (local.set $t1 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s2) (local.get $s3)))
    (local.set $t2 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s0) (local.get $s1)))
    (local.set $t3 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s2) (local.get $s3)))
    (local.set $s0 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t0) (local.get $t1)))
    (local.set $s1 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t0) (local.get $t1)))
    (local.set $s2 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t2) (local.get $t3)))
    (local.set $s3 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t2) (local.get $t3)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $r
          (v128.load32_lane 3
            (local.get $r3)
            (v128.load32_lane 2
              (local.get $r2)
              (v128.load32_lane 1 (local.get $r1) (v128.load32_zero (local.get $r0))))))
        (local.set $d (f32x4.sub (v128.load32_splat (local.get $q)) (local.get $r)))
        (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $d) (local.get $d))))
        (local.set $q (i32.add (local.get $q) (i32.const 4)))
        (local.set $r0 (i32.add (local.get $r0) (i32.const 4)))
        (local.set $r1 (i32.add (local.get $r1) (i32.const 4)))
        (local.set $r2 (i32.add (local.get $r2) (i32.const 4)))
        (local.set $r3 (i32.add (local.get $r3) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (v128.store
      (local.get $out)
      (f32x4.add
        (f32x4.add (local.get $s0) (local.get $s1))
        (f32x4.add (local.get $s2) (local.get $s3)))))

  ;; The largest absolute value of a vector's components.
  (func $largest (param $vector i32) (param $count i32) (result f32)
    (local $m v128) (local $max f32)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $m (f32x4.pmax (local.get $m) (f32x4.abs (v128.load (local.get $vector)))))
        (local.set $vector (i32.add (local.get $vector) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next)))
    (local.set $max
      (f32.max
        (f32.max (f32x4.extract_lane 0 (local.get $m)) (f32x4.extract_lane 1 (local.get $m)))
        (f32.max (f32x4.extract_lane 2 (local.get $m)) (f32x4.extract_lane 3 (local.get $m)))))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $max (f32.max (local.get $max) (f32.abs (f32.load (local.get $vector)))))
        (local.set $vector (i32.add (local.get $vector) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $max))

  ;; Codes of a vector, a byte a component: in units of its largest component over 127, rounded.
  ;; Returns that largest component's absolute value, and at $rounding leaves the sum of the squares
  ;; of what rounding lost, in units.
  (func (export "encode")
    (param $vector i32) (param $codes i32) (param $count i32) (param $rounding i32) (result f32)
    (local $m v128) (local $lost v128) (local $s v128)
    (local $max f32) (local $inverse f32) (local $x f32)
    (local.set $max (call $largest (local.get $vector) (local.get $count)))
    (local.set $inverse
      (f32.min (f32.div (f32.const 127) (local.get $max)) (f32.const 0x1.fffffep+127)))
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $lost
          (f32x4.mul (v128.load (local.get $vector)) (f32x4.splat (local.get $inverse))))
        (local.set $m (f32x4.nearest (local.get $lost)))
        (local.set $lost (f32x4.sub (local.get $lost) (local.get $m)))
        (local.set $s (f32x4.add (local.get $s) (f32x4.mul (local.get $lost) (local.get $lost))))
        (local.set $m (i32x4.trunc_sat_f32x4_s (local.get $m)))
        (local.set $m (i16x8.narrow_i32x4_s (local.get $m) (local.get $m)))
        (v128.store32_lane 0 (local.get $codes) (i8x16.narrow_i16x8_s (local.get $m) (local.get $m)))
        (local.set $vector (i32.add (local.get $vector) (i32.const 16)))
        (local.set $codes (i32.add (local.get $codes) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $x (f32.mul (f32.load (local.get $vector)) (local.get $inverse)))
        (i32.store8 (local.get $codes) (i32.trunc_sat_f32_s (f32.nearest (local.get $x))))
        (local.set $s (call $plusLost (local.get $s) (local.get $x)))
        (local.set $vector (i32.add (local.get $vector) (i32.const 4)))
        (local.set $codes (i32.add (local.get $codes) (i32.const 1)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (f32.store (local.get $rounding) (call $sum (local.get $s)))
    (local.get $max))

  ;; A vector as integers of 16 bits: in units of its largest component over $largest, rounded.
  ;; Returns that largest component's absolute value, and at $rounding leaves the sum of the squares
  ;; of what rounding lost, in units.
  (func (export "encodeQuery")
    (param $vector i32) (param $to i32) (param $count i32) (param $largest f32) (param $rounding i32)
    (result f32)
    (local $m v128) (local $lost v128) (local $s v128)
    (local $max f32) (local $inverse f32) (local $x f32)
    (local.set $max (call $largest (local.get $vector) (local.get $count)))
    (local.set $inverse
      (f32.min (f32.div (local.get $largest) (local.get $max)) (f32.const 0x1.fffffep+127)))
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $lost
          (f32x4.mul (v128.load (local.get $vector)) (f32x4.splat (local.get $inverse))))
        (local.set $m (f32x4.nearest (local.get $lost)))
        (local.set $lost (f32x4.sub (local.get $lost) (local.get $m)))
        (local.set $s (f32x4.add (local.get $s) (f32x4.mul (local.get $lost) (local.get $lost))))
        (local.set $m (i32x4.trunc_sat_f32x4_s (local.get $m)))
        (v128.store64_lane 0 (local.get $to) (i16x8.narrow_i32x4_s (local.get $m) (local.get $m)))
        (local.set $vector (i32.add (local.get $vector) (i32.const 16)))
        (local.set $to (i32.add (local.get $to) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $x (f32.mul (f32.load (local.get $vector)) (local.get $inverse)))
        (i32.store16 (local.get $to) (i32.trunc_sat_f32_s (f32.nearest (local.get $x))))
        (local.set $s (call $plusLost (local.get $s) (local.get $x)))
        (local.set $vector (i32.add (local.get $vector) (i32.const 4)))
        (local.set $to (i32.add (local.get $to) (i32.const 2)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (f32.store (local.get $rounding) (call $sum (local.get $s)))
    (local.get $max))

  ;; Adds the square of what rounding a number loses to the first of four sums.
  (func $plusLost (param $s v128) (param $x f32) (result v128)
    (local.set $x (f32.sub (local.get $x) (f32.nearest (local.get $x))))
    (f32x4.replace_lane 0 (local.get $s)
      (f32.add (f32x4.extract_lane 0 (local.get $s)) (f32.mul (local.get $x) (local.get $x)))))

  ;; How near vectors of codes are at most to one of 16-bit integers, to floats at $out. A row is a
  ;; vector of codes, $bytes of them, a multiple of 8, and behind them four floats: a factor, an
  ;; addend, and what $reach and $lost are multiplied by. The row of an ordinal is one of 1 << $shift
  ;; in a chunk; the chunks' addresses are at $chunks. $count, a multiple of 4, ordinals are at
  ;; $ordinals.
  (func (export "codeNearness")
    (param $ordinals i32) (param $count i32) (param $chunks i32) (param $shift i32) (param $first i32)
    (param $stride i32) (param $bytes i32) (param $query i32) (param $factor f32) (param $addend f32)
    (param $reach f32) (param $lost f32) (param $out i32)
    (local $r0 i32) (local $r1 i32) (local $r2 i32) (local $r3 i32) (local $q i32) (local $left i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $t0 v128) (local $t1 v128) (local $t2 v128) (local $t3 v128)
    (local $v v128) (local $factors v128) (local $addends v128) (local $reaches v128) (local $losts v128)
    (local.set $factors (f32x4.splat (local.get $factor)))
    (local.set $addends (f32x4.splat (local.get $addend)))
    (local.set $reaches (f32x4.splat (local.get $reach)))
    (local.set $losts (f32x4.splat (local.get $lost)))
    (loop $four
      (local.set $r0 (call $row (i32.load offset=0 (local.get $ordinals)) (local.get $chunks) (local.get $shift) (local.get $first) (local.get $stride)))
      (local.set $r1 (call $row (i32.load offset=4 (local.get $ordinals)) (local.get $chunks) (local.get $shift) (local.get $first) (local.get $stride)))
      (local.set $r2 (call $row (i32.load offset=8 (local.get $ordinals)) (local.get $chunks) (local.get $shift) (local.get $first) (local.get $stride)))
      (local.set $r3 (call $row (i32.load offset=12 (local.get $ordinals)) (local.get $chunks) (local.get $shift) (local.get $first) (local.get $stride)))
      (local.set $s0 (v128.const i32x4 0 0 0 0))
      (local.set $s1 (v128.const i32x4 0 0 0 0))
      (local.set $s2 (v128.const i32x4 0 0 0 0))
      (local.set $s3 (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (local.set $left (local.get $bytes))
      (loop $next
        (local.set $v (v128.load (local.get $q)))
        (local.set $s0 (i32x4.add (local.get $s0) (i32x4.dot_i16x8_s (local.get $v) (v128.load8x8_s (local.get $r0)))))
        (local.set $s1 (i32x4.add (local.get $s1) (i32x4.dot_i16x8_s (local.get $v) (v128.load8x8_s (local.get $r1)))))
        (local.set $s2 (i32x4.add (local.get $s2) (i32x4.dot_i16x8_s (local.get $v) (v128.load8x8_s (local.get $r2)))))
        (local.set $s3 (i32x4.add (local.get $s3) (i32x4.dot_i16x8_s (local.get $v) (v128.load8x8_s (local.get $r3)))))
        (local.set $q (i32.add (local.get $q) (i32.const 16)))
        (local.set $r0 (i32.add (local.get $r0) (i32.const 8)))
        (local.set $r1 (i32.add (local.get $r1) (i32.const 8)))
        (local.set $r2 (i32.add (local.get $r2) (i32.const 8)))
        (local.set $r3 (i32.add (local.get $r3) (i32.const 8)))
        (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 8)))))
      ;; From a vector in each to the same partial sum of all four in each.
      (local.set $t0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s0) (local.get $s1)))
      (local.set $t1 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s2) (local.get $s3)))
      (local.set $t2 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s0) (local.get $s1)))
      (local.set $t3 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s2) (local.get $s3)))
      (local.set $s0 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t0) (local.get $t1)))
      (local.set $s1 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t0) (local.get $t1)))
      (local.set $s2 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t2) (local.get $t3)))
      (local.set $s3 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t2) (local.get $t3)))
      (local.set $v
        (f32x4.convert_i32x4_s
          (i32x4.add
            (i32x4.add (local.get $s0) (local.get $s1))
            (i32x4.add (local.get $s2) (local.get $s3)))))
      ;; From the four floats of a row in each to the same of all four rows in each.
      (local.set $s0 (v128.load (local.get $r0)))
      (local.set $s1 (v128.load (local.get $r1)))
      (local.set $s2 (v128.load (local.get $r2)))
      (local.set $s3 (v128.load (local.get $r3)))
      (local.set $t0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s0) (local.get $s1)))
      (local.set $t1 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s2) (local.get $s3)))
      (local.set $t2 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s0) (local.get $s1)))
      (local.set $t3 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s2) (local.get $s3)))
      (local.set $s0 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t0) (local.get $t1)))
      (local.set $s1 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t0) (local.get $t1)))
      (local.set $s2 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t2) (local.get $t3)))
      (local.set $s3 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t2) (local.get $t3)))
      (v128.store
        (local.get $out)
        (f32x4.add
          (f32x4.add
            (f32x4.mul (f32x4.mul (local.get $factors) (local.get $s0)) (local.get $v))
            (f32x4.add (local.get $addends) (local.get $s1)))
          (f32x4.add
            (f32x4.mul (local.get $reaches) (local.get $s2))
            (f32x4.mul (local.get $losts) (local.get $s3)))))
      (local.set $ordinals (i32.add (local.get $ordinals) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $four (local.tee $count (i32.sub (local.get $count) (i32.const 4))))))

  (func $row
    (param $ordinal i32) (param $chunks i32) (param $shift i32) (param $first i32) (param $stride i32)
    (result i32)
    (i32.add
      (i32.add
        (i32.load
          (i32.add
            (local.get $chunks)
            (i32.shl (i32.shr_u (local.get $ordinal) (local.get $shift)) (i32.const 2))))
        (local.get $first))
      (i32.mul
        (i32.and
          (local.get $ordinal)
          (i32.sub (i32.shl (i32.const 1) (local.get $shift)) (i32.const 1)))
        (local.get $stride))))
)
